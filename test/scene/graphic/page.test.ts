import { expect, test } from "bun:test";
import { thumbnailSide } from "../../../src/scene/analyse.ts";
import { isPage, isRuled } from "../../../src/scene/graphic/page.ts";
import { readThumbnail } from "../../../src/scene/still.ts";
import { pictureFixture, pictureFixtures } from "../../support/pictures/picture-fixtures.ts";

async function thumbnailOf(name: string) {
  return readThumbnail(await pictureFixture(name).path(), thumbnailSide);
}

test("a sheet of photographs is ruled, and a page", async () => {
  const sheet = await thumbnailOf("locomotion");
  expect([isRuled(sheet), isPage(sheet)]).toEqual([true, true]);
});

test("drawings are pages, and photographs are not", async () => {
  for (const { name, kind } of pictureFixtures) {
    if (kind !== "either")
      expect([name, isPage(await thumbnailOf(name))]).toEqual([name, kind === "graphic"]);
  }
});
