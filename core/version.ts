/** Kept equal to package.json by a test: reading that file at run time would depend on where the module is loaded from. */
export const version = "0.1.0"
