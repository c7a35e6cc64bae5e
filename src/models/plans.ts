/** What a plan lets its user generate. `unlimited` is what a self-hoster's users have. */
export interface PlanTerms {
  /** Generations a calendar month (UTC); undefined means without limit. */
  readonly generationsPerMonth: number | undefined;
  /** Whether more may be generated when the project's overage switch is on. */
  readonly allowsOverage: boolean;
  /** Whether a clip may have another aspect than its source. */
  readonly allowsAspects: boolean;
}

const plans = {
  free: { generationsPerMonth: 5, allowsOverage: false, allowsAspects: false },
  pro: { generationsPerMonth: 100, allowsOverage: true, allowsAspects: true },
  team: { generationsPerMonth: 500, allowsOverage: true, allowsAspects: true },
  unlimited: { generationsPerMonth: undefined, allowsOverage: true, allowsAspects: true },
} as const satisfies Record<string, PlanTerms>;

export type PlanName = keyof typeof plans;

export const planNames = Object.keys(plans) as readonly PlanName[];
export const defaultPlan: PlanName = "unlimited";

/** The terms of a plan by its stored name; a name no longer known counts as `free`. */
export function planTerms(name: string): PlanTerms {
  return Object.hasOwn(plans, name) ? plans[name as PlanName] : plans.free;
}
