/** A picture that the executable carries, imported `with { type: "file" }`: its path. */
declare module "*.jpg" {
  const path: string;
  export default path;
}
