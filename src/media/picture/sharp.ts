/**
 * The picture library, loaded on first use: it takes tens of milliseconds and as many megabytes,
 * and most commands never need it.
 */
export async function loadSharp() {
  const { default: sharp } = await import("sharp");
  // It would keep decoded files by their names, and a name here may come to hold another picture.
  sharp.cache(false);
  return sharp;
}
