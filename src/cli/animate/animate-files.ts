import { existsSync, readdirSync, type Stats, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { AppError } from "../../errors.ts";
import { pictureExtensions } from "../../media/picture/picture.ts";
import { renditionFacts, renditionFormats } from "../../media/rendition-format.ts";
import type { OneShotOutput } from "../../pipeline/one-shot.ts";

/** What `animate` writes: the clip itself, and what can be made of it. */
export const clipFormats = ["mp4", ...renditionFormats] as const;
export type ClipFormat = (typeof clipFormats)[number];

/** One picture, and where each of its clips goes. */
export interface AnimateFiles {
  /** The picture as the caller named it, or found in what the caller named. */
  readonly name: string;
  readonly sourcePath: string;
  readonly outputs: readonly OneShotOutput[];
  /** The contact sheet, where one is wanted. */
  readonly comparePath: string | undefined;
}

export interface AnimateTargets {
  readonly output?: string;
  /** What the output's name says, or mp4, when not given. */
  readonly format?: readonly ClipFormat[];
  readonly force?: boolean;
  readonly compare?: boolean;
}

export interface ResolvedFiles {
  readonly pictures: readonly AnimateFiles[];
  /** Whether more than one file was asked for: then a bad one does not stop the others. */
  readonly areMany: boolean;
  /** Pictures whose clips are all there already; only of many. */
  readonly skipped: readonly AnimateFiles[];
}

/** As many pictures as anybody means; a pattern that matches a whole disk is a mistake. */
const picturesMax = 10_000;

const extensions: readonly string[] = [...pictureExtensions, "jpeg"];

/**
 * Everything about the files that can be known before the work is looked at before it. One file
 * makes one clip; a folder, a pattern or several files make one beside each, or in a folder.
 * @throws AppError `invalid_request` that says what is wrong with them.
 */
export function resolveFiles(pictures: readonly string[], targets: AnimateTargets): ResolvedFiles {
  const found = pictures.map(findPictures);
  const names = [...new Set(found.flatMap(({ paths }) => paths))];
  if (names.length > picturesMax) {
    throw refused(`${names.length} pictures are too many at once: at most ${picturesMax}`);
  }
  return pictures.length === 1 && found[0]?.isFile
    ? { pictures: [resolveOne(pictures[0] ?? "", targets)], areMany: false, skipped: [] }
    : resolveMany(names, targets);
}

interface Found {
  readonly paths: readonly string[];
  /** Whether a file was named, and not a folder or a pattern. */
  readonly isFile: boolean;
}

function findPictures(named: string): Found {
  if (/^https?:\/\//i.test(named)) {
    throw refused(
      "animate takes a file, not a URL: download the picture first, or let `motioness serve` " +
        "animate it behind its URL",
    );
  }
  const stats = statOf(named);
  if (stats?.isFile()) return { paths: [named], isFile: true };
  if (stats && !stats.isDirectory()) throw refused(`${named} is neither a file nor a folder`);
  if (!stats && !/[*?[{]/.test(named)) throw refused(`there is no file ${named}`);
  const paths = stats ? picturesIn(named) : picturesLike(named);
  if (paths.length > 0) return { paths, isFile: false };
  throw refused(
    `${named} has no picture: expected files that end in ${[...extensions].join(", ")}`,
  );
}

function picturesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isPictureName(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}

function picturesLike(pattern: string): readonly string[] {
  const paths: string[] = [];
  for (const path of new Bun.Glob(pattern).scanSync({ onlyFiles: true })) {
    if (isPictureName(path)) paths.push(path);
    if (paths.length > picturesMax) break;
  }
  return paths.sort();
}

function isPictureName(name: string): boolean {
  return extensions.includes(extname(name).slice(1).toLowerCase());
}

function resolveOne(picture: string, targets: AnimateTargets): AnimateFiles {
  const { output, force } = targets;
  const named = basename(picture, extname(picture));
  const isFolder = output !== undefined && /[\\/]$/.test(output);
  const files = isFolder
    ? nameOutputs(picture, join(folderFor(output), named), targets)
    : nameOne(
        picture,
        output ?? `${named}.${fileExtension(targets.format?.[0] ?? "mp4")}`,
        targets,
      );
  for (const path of pathsOf(files)) {
    const folder = dirname(path);
    if (!isFolder && !existsSync(folder)) throw refused(`there is no folder ${folder}`);
    const target = statOf(path);
    if (target?.isDirectory()) throw refused(`the output ${path} is a folder`);
    if (target && !force) {
      throw refused(`${path} is there already: give another -o, or --force to replace it`);
    }
  }
  return files;
}

/** One format goes where it is told to; several differ in their extensions. */
function nameOne(picture: string, output: string, targets: AnimateTargets): AnimateFiles {
  const extension = extname(output).slice(1).toLowerCase();
  const byName = clipFormats.find((format) => fileExtension(format) === extension);
  const wanted = targets.format ?? (byName ? [byName] : ["mp4" as const]);
  const [only] = wanted;
  if (wanted.length > 1 || only === undefined) {
    return nameOutputs(picture, resolve(output.replace(/(\.av1)?\.[^./\\]+$/, "")), targets);
  }
  const ending = fileExtension(only).split(".").at(-1);
  if (extension !== ending) {
    const asked = targets.format ? ` for --format ${only}` : `, .webp, .avif or .gif`;
    throw refused(`the output ${resolve(output)} must end in .${ending}${asked}`);
  }
  const path = resolve(output);
  return {
    name: picture,
    sourcePath: resolve(picture),
    outputs: [{ format: only, path }],
    comparePath: compareOf(path.slice(0, -ending.length - 1), targets),
  };
}

function resolveMany(names: readonly string[], targets: AnimateTargets): ResolvedFiles {
  const folder = targets.output === undefined ? undefined : folderFor(targets.output);
  const stemOf = (name: string) => join(folder ?? dirname(name), basename(name, extname(name)));
  const stems = Map.groupBy(names, stemOf);
  const files = names.map((name) => {
    const stem = stemOf(name);
    // Two pictures that differ in their extension alone must not share a clip.
    const isShared = (stems.get(stem) ?? []).length > 1;
    return nameOutputs(name, isShared ? join(dirname(stem), basename(name)) : stem, targets);
  });
  refuseShared(files);
  const isDone = (each: AnimateFiles) => !targets.force && pathsOf(each).every(existsSync);
  return {
    pictures: files.filter((each) => !isDone(each)),
    areMany: true,
    skipped: files.filter(isDone),
  };
}

function refuseShared(files: readonly AnimateFiles[]): void {
  const owners = new Map<string, string>();
  for (const each of files) {
    for (const path of pathsOf(each)) {
      const owner = owners.get(path);
      if (owner !== undefined) {
        throw refused(`${owner} and ${each.name} would both become ${path}: rename one of them`);
      }
      owners.set(path, each.name);
    }
  }
}

function nameOutputs(picture: string, stem: string, targets: AnimateTargets): AnimateFiles {
  const path = resolve(stem);
  const outputs = (targets.format ?? (["mp4"] as const)).map((format) => ({
    format,
    path: `${path}.${fileExtension(format)}`,
  }));
  const comparePath = compareOf(path, targets);
  return { name: picture, sourcePath: resolve(picture), outputs, comparePath };
}

function compareOf(stem: string, targets: AnimateTargets): string | undefined {
  return targets.compare ? `${stem}.compare.png` : undefined;
}

/** The folder that the caller named; it is made when the first clip is written. */
function folderFor(output: string): string {
  const folder = resolve(output);
  const stats = statOf(folder);
  if (stats && !stats.isDirectory()) {
    throw refused(`the output ${folder} is a file: several pictures need a folder`);
  }
  if (!stats && !existsSync(dirname(folder))) {
    throw refused(`there is no folder ${dirname(folder)}`);
  }
  return folder;
}

/** Of an AV1 clip it has two parts: it is an mp4, too. */
function fileExtension(format: ClipFormat): string {
  return format === "mp4" ? "mp4" : renditionFacts[format].extension;
}

/** Every file that a picture becomes. */
function pathsOf({ outputs, comparePath }: AnimateFiles): readonly string[] {
  const paths = outputs.map(({ path }) => path);
  return comparePath === undefined ? paths : [...paths, comparePath];
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function refused(message: string): AppError {
  return new AppError("invalid_request", message);
}
