export const isLinuxRoot: boolean
export const projectsOfLinuxRoot: string[]
export const filesOfLinuxRoot: string[]
