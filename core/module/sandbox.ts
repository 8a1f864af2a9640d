export { sandboxService as sandbox } from "../release/target/sandbox/service.js"
