import type { Container, Directory, Secret, Service } from "@dagger.io/dagger"
import { requirePassed } from "../gate/failed.js"
import { imageReport } from "../image/folder.js"
import { proveImage } from "../image/prove.js"
import { publishImage } from "../image/publish-source.js"
import { imagePassed } from "../image/result.js"
import { imageScreen } from "../image/screen.js"
import { stampOf } from "../image/stamp.js"

/** Commit, its time, its repository, and the values of image.buildSecrets. */
export interface Built {
  revision: string
  created: string
  sourceUrl: string
  secrets: Secret | undefined
}

export interface Registry {
  registryUser: string
  registryPassword: Secret | undefined
  registryService: Service | undefined
}

const REPORT = "dagger call build-report export --path=tollgate-report/image"

export async function build(source: Directory, built: Built): Promise<Container> {
  const { result, image } = await proveImage(source, { ...requestOf(built), fresh: false, twice: false })
  requirePassed("image", imagePassed(result), imageScreen(result, { report: REPORT }))
  return image
}

export async function checkImage(
  source: Directory,
  { fresh, twice, ...built }: Built & { fresh: boolean; twice: boolean },
): Promise<string> {
  const { result } = await proveImage(source, { ...requestOf(built), fresh, twice })
  return requirePassed("image", imagePassed(result), imageScreen(result, { report: REPORT }))
}

export async function buildReport(
  source: Directory,
  { twice, ...built }: Built & { twice: boolean },
): Promise<Directory> {
  const { result } = await proveImage(source, { ...requestOf(built), fresh: false, twice })
  return imageReport(result)
}

export async function publish(
  source: Directory,
  { tag, registryUser, registryPassword, registryService, ...built }: Built & Registry & { tag: string },
): Promise<string> {
  const destination = { tag, user: registryUser, password: registryPassword, service: registryService }
  return publishImage(source, { ...requestOf(built), fresh: false, twice: false }, destination, REPORT)
}

function requestOf({ revision, created, sourceUrl, secrets }: Built) {
  return { stamp: stampOf(revision, created, sourceUrl), secrets }
}
