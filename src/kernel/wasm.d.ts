/** Imported `with { type: "file" }`: the path of the file, also inside the executable. */
declare module "*.wasm" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the runtime hands out a file's path.
  export default path;
}
