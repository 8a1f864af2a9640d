export interface Owner {
  pid: number
  purpose: string
  since: string
}
export function lock(name: string, purpose: string, onWait: (owner: Owner) => void): Promise<() => Promise<void>>
