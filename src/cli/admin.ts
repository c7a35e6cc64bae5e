import { randomBytes } from "node:crypto";
import { Command, Option } from "commander";
import { parseEmail } from "../accounts/email.ts";
import { createPasswords, passwordLength } from "../accounts/passwords.ts";
import { createSetupToken, makeAdmin } from "../accounts/setup.ts";
import { findUserByEmail, setPassword, updateUser } from "../accounts/users.ts";
import { systemClock } from "../clock.ts";
import { localUrl } from "../config/local-url.ts";
import { type Config, parseConfig } from "../config.ts";
import { openStore } from "../db/open-store.ts";
import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { createLog } from "../log.ts";
import { type PlanName, planNames } from "../models/plans.ts";
import type { AddCommand } from "./command.ts";
import { type Io, say } from "./io.ts";

interface PasswordOptions {
  readonly passwordFile?: string;
}

/** `motioness admin`: users, for whoever can read the server's settings. */
export const addAdmin: AddCommand = (program, io) => {
  const admin = new Command("admin")
    .summary("make administrators, reset passwords, set plans")
    .description("Changes users in the database that the settings name; the server may be running.")
    .copyInheritedSettings(program);
  withPassword(admin.command("create <email>"))
    .summary("make an administrator, or make a user one; prints the password")
    .action((email: string, options: PasswordOptions) =>
      withStore(io, async (store) => {
        const password = readPassword(io, options);
        await makeAdmin(depsOf(store), { email: parseEmail(email), password: password.text });
        say(io, `${email} is an administrator${password.told}`);
      }),
    );
  withPassword(admin.command("reset-password <email>"))
    .summary("give a user a new password and end the user's sessions")
    .action((email: string, options: PasswordOptions) =>
      withStore(io, async (store) => {
        const password = readPassword(io, options);
        await resetPassword(store, email, password.text);
        say(io, `${email} has a new password${password.told}`);
      }),
    );
  admin
    .command("set-plan <email> <plan>")
    .summary(`give a user a plan: ${planNames.join(", ")}`)
    .action((email: string, plan: string) =>
      withStore(io, async (store) => {
        await setPlan(store, email, plan);
        say(io, `${email} has the plan ${plan}`);
      }),
    );
  admin
    .command("link")
    .summary("print a new set-up link, good for half an hour")
    .action(() =>
      withStore(io, async (store, config) => {
        const token = await createSetupToken({ store, clock: systemClock });
        say(io, `${config.baseUrl ?? localUrl(config.listen) ?? ""}/setup#token=${token}`);
      }),
    );
  program.addCommand(admin);
};

function withPassword(command: Command): Command {
  return command.addOption(
    new Option("--password-file <path>", "a file with the password (default: a random one)"),
  );
}

/** A password on the command line could be read by others, so there is no such option. */
function readPassword(io: Io, { passwordFile }: PasswordOptions) {
  if (passwordFile === undefined) {
    const text = randomBytes(15).toString("base64url");
    return { text, told: `; the password is ${text}` };
  }
  const text = io.readFile(passwordFile).replace(/\r?\n$/, "");
  const { min, max } = passwordLength;
  if (text.length >= min && text.length <= max) return { text, told: "" };
  throw new AppError(
    "invalid_request",
    `${passwordFile}: got ${text.length} characters, expected a password of ${min} to ${max}`,
  );
}

async function resetPassword(store: Store, email: string, password: string): Promise<void> {
  const { id } = await getUser(store, email);
  const passwordHash = await createPasswords().hash(password);
  const now = systemClock.now();
  await store.write((tx) => setPassword(tx, { userId: id, passwordHash }, now));
}

async function setPlan(store: Store, email: string, given: string): Promise<void> {
  const plan: PlanName | undefined = planNames.find((name) => name === given);
  if (plan === undefined) {
    const expected = planNames.join(", ");
    throw new AppError("invalid_request", `got the plan ${given}, expected one of ${expected}`);
  }
  const { id } = await getUser(store, email);
  await store.write((tx) => updateUser(tx, id, { plan }));
}

async function getUser(store: Store, email: string) {
  const user = await findUserByEmail(store.read, email);
  if (user) return user;
  throw new AppError("not_found", `no user has the address ${email}`);
}

function depsOf(store: Store) {
  return { store, clock: systemClock, passwords: createPasswords() };
}

/** Opens the database beside a server that may be running on it. */
async function withStore(
  io: Io,
  work: (store: Store, config: Config) => Promise<void>,
): Promise<void> {
  const { config, secrets } = parseConfig(io);
  const log = createLog(
    { level: "warn", format: config.log.format },
    {
      write: (line) => io.stderr.write(line),
      isTerminal: io.stderr.isTTY === true,
      now: io.now,
      secrets,
    },
  );
  const store = await openStore(config.database, { clock: systemClock, log });
  try {
    await work(store, config);
  } finally {
    await store.close();
  }
}
