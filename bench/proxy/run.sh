#!/usr/bin/env bash
# Compares the embedded proxy (one event loop), nginx (one worker) and haproxy (one thread) as
# HTTP/1.1 keep-alive proxies in one run: 64 connections, small bodies, everything on 127.0.0.1.
# Prints requests per second and, because the machine may be shared, requests per second of CPU
# time that the proxy itself used; ratios are to nginx.
#   bench/proxy/run.sh [SECONDS per proxy and round, default 8] [ROUNDS, default 2]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-8}
rounds=${2:-2}
for tool in wrk nginx haproxy mvn; do
  command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin
  command -v "$tool" >/dev/null ||
    { echo "bench: $tool is missing; install it with: apt-get install wrk nginx-light haproxy maven" >&2; exit 3; }
done
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
version=$("$java" -version 2>&1 | head -1)
case $version in *\"25*) ;; *) echo "bench: JDK 25 is needed (JAVA_HOME), found: $version" >&2; exit 3 ;; esac

work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

freeport() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
origin=$(freeport); p_heddle=$(freeport); p_nginx=$(freeport); p_haproxy=$(freeport)

nginx_conf() { # file, body of http{}
  cat > "$1" <<N
daemon off; master_process off; worker_processes 1; pid $1.pid; error_log $1.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work; $2 }
N
}
nginx_conf "$work/origin" "server { listen 127.0.0.1:$origin backlog=4096; location / { default_type text/plain; return 200 'hello from the origin'; } }"
nginx_conf "$work/nginx" "upstream o { server 127.0.0.1:$origin; keepalive 64; keepalive_requests 1000000000; } server { listen 127.0.0.1:$p_nginx backlog=4096; location / { proxy_pass http://o; proxy_http_version 1.1; proxy_set_header Connection ''; } }"
cat > "$work/haproxy" <<H
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend f
  bind 127.0.0.1:$p_haproxy
  default_backend b
backend b
  server o 127.0.0.1:$origin
H
echo "building…" >&2
mvn -q -Dquick -pl proxy -am compile dependency:build-classpath \
  -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=runtime 2>&1 | grep -v '^WARNING' >&2 || true
cp="proxy/target/classes:xds/target/classes:$(cat "$work/classpath")"

nginx -c "$work/origin" 2>/dev/null & pids+=($!)
nginx -c "$work/nginx" 2>/dev/null & pid_nginx=$!; pids+=($!)
haproxy -f "$work/haproxy" -db 2>/dev/null & pid_haproxy=$!; pids+=($!)
"$java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xms256m -Xmx256m -Xmn160m \
  ${BENCH_JAVA_OPTS:-} -cp "$cp" bench/proxy/ProxyBench.java "$p_heddle" "$origin" > "$work/heddle.log" 2>&1 & pid_heddle=$!; pids+=($!)
for port in $origin $p_nginx $p_haproxy $p_heddle; do
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue 2
    sleep 0.2
  done
  echo "bench: nothing listens on port $port" >&2; cat "$work"/*.log >&2; exit 1
done

ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
hz=$(getconf CLK_TCK)
measure() { # name port pid seconds
  local before after rate
  before=$(ticks "$3")
  wrk -t1 -c64 -d"$4"s "http://127.0.0.1:$2/" > "$work/wrk"
  after=$(ticks "$3")
  grep -q 'Non-2xx\|Socket errors' "$work/wrk" && grep 'Non-2xx\|Socket errors' "$work/wrk" >&2
  rate=$(awk '/Requests\/sec/ { print $2 }' "$work/wrk")
  awk -v n="$1" -v r="$rate" -v s="$4" -v t="$((after - before))" -v hz="$hz" \
    'BEGIN { cpu = t / hz; printf "%s %.0f %.0f %.2f\n", n, r, r * s / cpu, cpu / s }'
}
echo "warming up…" >&2
wrk -t1 -c64 -d"${BENCH_WARMUP:-10}"s "http://127.0.0.1:$p_heddle/" > /dev/null
for _ in $(seq "$rounds"); do
  measure heddle "$p_heddle" "$pid_heddle" "$seconds"
  measure nginx "$p_nginx" "$pid_nginx" "$seconds"
  measure haproxy "$p_haproxy" "$pid_haproxy" "$seconds"
done > "$work/results"

echo "CPU: $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg); $version"
awk '{ r[$1] += $2; e[$1] += $3; u[$1] += $4; n[$1]++ }
  END {
    printf "%-10s %10s %8s %14s %8s %6s\n", "proxy", "req/s", "ratio", "req/CPU-s", "ratio", "CPU"
    split("heddle nginx haproxy", names, " ")
    for (i = 1; i <= 3; i++) { k = names[i]
      printf "%-10s %10.0f %8.2f %14.0f %8.2f %5.0f%%\n", k, r[k]/n[k], (r[k]/n[k])/(r["nginx"]/n["nginx"]), e[k]/n[k], (e[k]/n[k])/(e["nginx"]/n["nginx"]), 100*u[k]/n[k] }
  }' "$work/results"
