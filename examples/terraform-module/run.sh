#!/bin/sh
# Synthesises the module, and applies the configuration that calls it.
set -e
terraform="${TERRAFORM_BINARY_NAME:-terraform}"
npx tsx module.ts
"$terraform" init
"$terraform" apply "$@"
