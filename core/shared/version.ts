/** A test keeps this equal to package.json, which the bundled module cannot read at run time. */
export const version = "0.1.0"
