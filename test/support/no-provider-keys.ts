/**
 * Loaded before all tests: what a developer's shell says of providers must not reach a server that
 * a test starts, or the tests would be charged for.
 */
for (const name of Object.keys(process.env)) {
  if (/^(ANTHROPIC_|REPLICATE_|MOTIONESS_VIDEOS_)/.test(name)) delete process.env[name];
}
