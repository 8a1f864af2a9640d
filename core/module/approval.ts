export { approveSource as approve } from "../release/approval/approve-source.js"
