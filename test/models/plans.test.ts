import { expect, test } from "bun:test";
import { defaultPlan, planNames, planTerms } from "../../src/models/plans.ts";

test("the plans have the documented numbers of generations a month", () => {
  const numbers = planNames.map((name) => [name, planTerms(name).generationsPerMonth]);
  expect(Object.fromEntries(numbers)).toEqual({
    free: 5,
    pro: 100,
    team: 500,
    unlimited: undefined,
  });
  expect(defaultPlan).toBe("unlimited");
});

test("a plan that no longer exists has the terms of the smallest one", () => {
  for (const name of ["enterprise", "", "constructor", "__proto__"]) {
    expect(planTerms(name)).toEqual(planTerms("free"));
  }
});
