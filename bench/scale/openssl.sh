#!/bin/sh
# OpenSSL in a loop: sh openssl.sh FIRST LAST DAYS. A key that is there is kept, so that a second run renews certificates.
set -eu
umask 077
if [ ! -f ca-key.pem ]; then
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca-key.pem 2>/dev/null
  openssl req -x509 -new -key ca-key.pem -subj "/CN=agent CA" -days 3650 -out ca.pem
fi
printf 'keyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n' > extensions
for index in $(seq "$1" "$2"); do
  folder="agents/web-$index"
  mkdir -p "$folder"
  [ -f "$folder/agent-cert-key.pem" ] ||
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/agent-cert-key.pem" 2>/dev/null
  openssl req -new -key "$folder/agent-cert-key.pem" -subj "/CN=web-$index" -out request.pem
  openssl x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -days "$3" -extfile extensions \
    -out "$folder/agent-cert.pem" 2>/dev/null
  cp ca.pem "$folder/fleet-ca.pem"
  cp ca.pem "$folder/es-ca.pem"
  echo "elastic-agent install --url=https://fleet.example.com:8220" > "$folder/install-command.sh"
done
