/** At the top of the source. */
export const SETTINGS_FILE = "tollgate.yaml"
