export { sandboxService as sandbox } from "../targets/sandbox/service.js"
