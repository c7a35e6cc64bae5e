/** A picture that the executable carries, imported `with { type: "file" }`: its path. */
declare module "*.jpg" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the runtime hands out a file's path.
  export default path;
}
