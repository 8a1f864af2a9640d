/** Something that was decided, and by what, for the comment above it. */
export interface Decision<Value> {
  value: Value
  why: string
}
