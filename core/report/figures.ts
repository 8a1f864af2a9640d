export * from "../shared/figures.js"
