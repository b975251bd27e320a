#!/bin/sh
# cfssl in a loop: sh cfssl.sh FIRST LAST DAYS. A key that is there is kept, so that a second run renews certificates.
set -eu
umask 077
if [ ! -f ca-key.pem ]; then
  echo '{ "CN": "agent CA", "key": { "algo": "ecdsa", "size": 256 } }' > ca.json
  cfssl gencert -loglevel=5 -initca ca.json | cfssljson -bare ca
fi
cat > config.json << END
{ "signing": { "default": { "expiry": "$(($3 * 24))h", "usages": ["digital signature", "client auth"] } } }
END
sign() {
  cfssl "$@" | cfssljson -bare "$folder/agent-cert"
}
for index in $(seq "$1" "$2"); do
  folder="agents/web-$index"
  mkdir -p "$folder"
  echo "{ \"CN\": \"web-$index\", \"key\": { \"algo\": \"ecdsa\", \"size\": 256 } }" > request.json
  if [ -f "$folder/agent-cert-key.pem" ]; then
    cfssl gencsr -loglevel=5 -key "$folder/agent-cert-key.pem" request.json | cfssljson -bare request
    sign sign -loglevel=5 -ca=ca.pem -ca-key=ca-key.pem -config=config.json request.csr
  else
    sign gencert -loglevel=5 -ca=ca.pem -ca-key=ca-key.pem -config=config.json request.json
  fi
  cp ca.pem "$folder/fleet-ca.pem"
  cp ca.pem "$folder/es-ca.pem"
  echo "elastic-agent install --url=https://fleet.example.com:8220" > "$folder/install-command.sh"
done
