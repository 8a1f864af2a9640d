/** linux/arm64 and linux/arm64/v8 are two names of one platform. */
export function samePlatform(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

function plain(platform: string): string {
  return platform.replace(/^(linux\/arm64)\/v8$/, "$1")
}
