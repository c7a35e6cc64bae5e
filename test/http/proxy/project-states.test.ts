import { expect, test } from "bun:test";
import { createProjectStates } from "../../../src/http/proxy/project-states.ts";

const project = { id: "proj_1", origins: ["https://acme.com"] };

test("doubt lasts until an equal project was read", () => {
  const states = createProjectStates(10);
  const state = states.confirm(project);
  states.doubt("proj_2");
  expect(state.isInDoubt).toBe(false);
  states.doubt("proj_1");
  expect(state.isInDoubt).toBe(true);
  expect(states.confirm({ ...project })).toBe(state);
  expect(state.isInDoubt).toBe(false);
});

test("a project that changed leaves what it was in doubt for ever", () => {
  const states = createProjectStates(10);
  const before = states.confirm(project);
  const after = states.confirm({ ...project, origins: [] } as typeof project);
  expect([before.isInDoubt, after.isInDoubt]).toEqual([true, false]);
});

test("what cannot be put in doubt any more is in doubt", () => {
  const states = createProjectStates(1);
  const state = states.confirm(project);
  states.confirm({ id: "proj_2" });
  expect(state.isInDoubt).toBe(true);
});
