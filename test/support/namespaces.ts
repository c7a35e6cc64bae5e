/** Whether this user may mount file systems, and set up networks, that nobody else sees. */
export function hasMountNamespaces(): boolean {
  return succeeds(["unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]);
}

export function hasNetworkNamespaces(): boolean {
  const setUp = "ip link set lo up && ip address add 169.254.169.254/32 dev lo";
  return succeeds(["unshare", "-rn", "sh", "-c", setUp]);
}

function succeeds(command: readonly string[]): boolean {
  if (Bun.which("unshare") === null) return false;
  return Bun.spawnSync([...command], { stdout: "ignore", stderr: "ignore" }).exitCode === 0;
}
