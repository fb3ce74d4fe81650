#!/usr/bin/env bash
# The properties with a seed of their own, which is printed: PROPERTY_SEED=… plays it again.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PROPERTY_SEED=${PROPERTY_SEED:-$RANDOM$RANDOM} PROPERTY_RUNS=${PROPERTY_RUNS:-600}
echo "PROPERTY_SEED=$PROPERTY_SEED PROPERTY_RUNS=$PROPERTY_RUNS"
mapfile -t files < <(grep -rl 'support/chance.ts' test --include='*.test.ts')
npx vitest run "${files[@]}"
