/** Pure: what must be known of backups that are kept in a volume of an engine from which volumes can vanish. */
export function backupPlaceWarning(to: string): string[] {
  if (!to.startsWith("directory:")) return []
  return [
    `the backup is only in ${to}, a volume of this Dagger engine: it is lost when the volume is removed or the engine is killed. database.backup.to: s3://BUCKET/PREFIX stores backups elsewhere`,
  ]
}
