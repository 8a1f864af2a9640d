import type { Secret } from "@dagger.io/dagger"
import type { DatabaseSettings } from "../../config/database.js"
import type { EntryPoint } from "../connect/reach.js"
import { plainName } from "./backup-file.js"
import { clientPrograms } from "./programs.js"
import { folderStore } from "./store-folder.js"
import { type Store, volume } from "./store-places.js"

/** The store that the settings name. What reaches S3 is loaded for that alone. */
export async function openStore(
  settings: DatabaseSettings,
  bundle: Secret | undefined,
  entryPoint: EntryPoint,
  environment: string,
  database: string,
): Promise<Store> {
  const { to } = settings.backup
  const place = `${environment}/${plainName(database)}`
  if (to.startsWith("s3:")) {
    const { s3Store } = await import("./store-s3.js")
    return s3Store(settings.backup, bundle, entryPoint, place)
  }
  return folderStore(
    await clientPrograms(settings),
    `${to}, folder ${place}`,
    volume(to.replace(/^directory:/, "backups-"), place),
  )
}
