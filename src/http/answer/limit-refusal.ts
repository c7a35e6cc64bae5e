import { AppError } from "../../errors.ts";
import { monthlyLimitMessage, regenerateLimitMessage } from "../../projects/quota.ts";

/** A month that is used up says where to get more, where there is more to be had. */
export function withUpgradeUrl(thrown: unknown, upgradeUrl: string | undefined): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== "limit_reached") return thrown;
  const isMonth = [monthlyLimitMessage, regenerateLimitMessage].includes(thrown.message);
  if (!isMonth || upgradeUrl === undefined) return thrown;
  return new AppError(thrown.code, thrown.message, {
    cause: thrown,
    details: { upgrade_url: upgradeUrl },
  });
}
