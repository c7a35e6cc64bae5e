#!/bin/sh
# Starts a real S3 for the tests: Ceph's object gateway over one in-memory disk, all on loopback.
#
#   .ci/start-s3.sh DIR PORT     prints the endpoint, http://127.0.0.1:$((PORT + 80));
#                                the access key is TESTKEY, its secret TESTSECRET
#   .ci/start-s3.sh DIR stop     ends what was started in DIR
#
# Needs Debian's packages: radosgw ceph-mon ceph-osd ceph-mgr (about 70 MB to download).
# Uses the ports PORT to PORT + 80. DIR is made anew.
set -eu

dir=$1
port=$2

stop_daemons() {
  for name in client.admin osd.0 mon.a; do
    [ -f "$dir/$name.pid" ] || continue
    pid=$(cat "$dir/$name.pid")
    kill "$pid" 2>/dev/null || continue
    # A frozen daemon cannot act on the signal until it runs again.
    kill -CONT "$pid" 2>/dev/null || true
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 30 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    kill -9 "$pid" 2>/dev/null || true
  done
}

if [ "$port" = stop ]; then
  stop_daemons
  exit 0
fi

for tool in radosgw ceph-mon ceph-osd; do
  command -v "$tool" >/dev/null || {
    echo "start-s3: $tool is missing; install: radosgw ceph-mon ceph-osd ceph-mgr" >&2
    exit 1
  }
done

gateway=$((port + 80))
rm -rf "$dir"
mkdir -p "$dir/mon" "$dir/osd" "$dir/log" "$dir/rgw"
cluster_id=$(cat /proc/sys/kernel/random/uuid)
disk_id=$(cat /proc/sys/kernel/random/uuid)

# cephx stays on: with authentication off the disk is refused. Without tcp_nodelay the gateway
# answers some twenty requests a second, because every answer waits for a delayed ACK.
cat > "$dir/ceph.conf" <<CONF
[global]
fsid = $cluster_id
mon_host = v1:127.0.0.1:$port
ms_bind_msgr2 = false
public_addr = 127.0.0.1
ms_bind_port_min = $((port + 1))
ms_bind_port_max = $((port + 60))
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = true
osd_pool_default_size = 1
osd_pool_default_min_size = 1
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 10000
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
run_dir = $dir
admin_socket = $dir/\$name.asok
pid_file = $dir/\$name.pid
log_file = $dir/log/\$name.log
[mon.a]
mon_data = $dir/mon
mon_cluster_log_file = $dir/log/cluster.log
[osd]
keyring = $dir/osd/keyring
osd_data = $dir/osd
osd_objectstore = memstore
memstore_device_bytes = 2147483648
osd_class_load_list = *
osd_class_default_list = *
[client]
keyring = $dir/keyring
rgw_data = $dir/rgw
rgw_frontends = beast endpoint=127.0.0.1:$gateway tcp_nodelay=1
rgw_thread_pool_size = 32
CONF

conf="$dir/ceph.conf"
setup="$dir/log/setup.log"
{
  ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool "$dir/keyring" --gen-key -n client.admin \
    --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  monmaptool --create --clobber --addv a "[v1:127.0.0.1:$port]" --fsid "$cluster_id" "$dir/monmap"
  ceph-mon -c "$conf" --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring"
  ceph-mon -c "$conf" -i a
  disk_key=$(ceph-authtool --gen-print-key)
  echo "{\"cephx_secret\": \"$disk_key\"}" > "$dir/osd.json"
  ceph -c "$conf" osd new "$disk_id" -i "$dir/osd.json"
  ceph-authtool --create-keyring "$dir/osd/keyring" -n osd.0 --add-key "$disk_key"
  ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$disk_id"
  ceph-osd -c "$conf" -i 0
  radosgw -c "$conf" -n client.admin --rgw_data "$dir/rgw"
} > "$setup" 2>&1 || {
  tail -20 "$setup" >&2
  stop_daemons
  exit 1
}

# Creating the user reaches the disk, so it is done once everything serves.
tries=0
until grep -q "starting handler: beast" "$dir/log/client.admin.log" 2>/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ]; then
    echo "start-s3: the gateway did not come up within a minute; see $dir/log" >&2
    stop_daemons
    exit 1
  fi
  sleep 0.1
done
radosgw-admin -c "$conf" user create --uid=test --display-name=test \
  --access-key=TESTKEY --secret=TESTSECRET >> "$setup" 2>&1

echo "http://127.0.0.1:$gateway"
