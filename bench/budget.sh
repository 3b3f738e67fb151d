#!/usr/bin/env bash
# Prints what Heddle costs on this machine: seconds to a serving API, seconds until the outlier-detection
# manifest is Ready, and resident memory with both walkthroughs up. It asserts nothing.
# Usage: bench/budget.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-3}
HEDDLE_HOME=$(mktemp -d)
export HEDDLE_HOME
trap './heddle down --name budget --purge >/dev/null; rm -rf "$HEDDLE_HOME"' EXIT
export KUBECONFIG=$HEDDLE_HOME/budget/kubeconfig

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.2f", b - a }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# The build, and the preparation before the first cluster, are not in the figures.
./heddle up --name budget --detach >/dev/null
./heddle down --name budget --purge >/dev/null

ups=() readies=() memory=()
for ((run = 1; run <= runs; run++)); do
  started=$(now)
  ./heddle up --name budget --detach >/dev/null
  ups+=("$(since "$started")")

  started=$(now)
  kubectl apply -f examples/outlier-detection/manifest.yaml >/dev/null 2>&1
  for deployment in front colorapp ingress; do
    kubectl rollout status "deployment/$deployment" -n appmesh-outlier-detection --timeout=120s >/dev/null
  done
  readies+=("$(since "$started")")

  kubectl apply -f examples/retry/manifest.yaml >/dev/null 2>&1
  for deployment in front blue; do
    kubectl rollout status "deployment/$deployment" -n howto-k8s-retry-policy --timeout=120s >/dev/null
  done
  pid=$(./heddle list | awk '$1 == "budget" { print $3 }')
  memory+=("$(awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$pid/status")")
  ./heddle down --name budget --purge >/dev/null
done

printf '%-58s %10s %10s   %s\n' figure median target 'all runs'
row() { printf '%-58s %10s %10s   %s\n' "$1" "$2" "$3" "$4"; }
row 'up --detach to a serving API, seconds' "$(printf '%s\n' "${ups[@]}" | median)" '<= 4' "${ups[*]}"
row 'outlier-detection manifest applied until Ready, seconds' "$(printf '%s\n' "${readies[@]}" | median)" '<= 10' "${readies[*]}"
row 'resident memory of heddle, both walkthroughs up, MB' "$(printf '%s\n' "${memory[@]}" | median)" '<= 450' "${memory[*]}"
nproc | xargs printf 'cores: %s\n'
