import { z } from "zod"
import { expected } from "./fields.js"

const error = expected("a port from 1 to 65535")

export const port = z.number({ error }).int({ error }).min(1, { error }).max(65535, { error })
