// What the generated sdk/ stands on: npm's library, as Dagger's own SDK bundles it.
export * from "@dagger.io/dagger"
