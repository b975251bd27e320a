/** Every check on certificates and keys, one file a subject; pure functions that answer findings. */
export type { Finding } from "./x509-finding";
export type { CertificateFile } from "./x509-file";
export { readCertificateRequest, readCertificates } from "./x509-file";
export type { AuthorityUse, NamedAuthorities } from "./x509-authority";
export { checkAuthority, checkAuthorityUsages, checkDistinctNames, isRoot } from "./x509-authority";
export type { LeafUsage, LeafUse } from "./x509-leaf";
export { checkLeaf, checkNames, checkUsages } from "./x509-leaf";
export { checkPublicKey, checkStrength, checkUnknownCritical, checkValidity } from "./x509-basics";
export type { ChainResult, ChainUse } from "./x509-chain";
export { checkChainOrder, checkOutlives, isIssuedBy, verifyChain } from "./x509-chain";
export type { KeyUse } from "./x509-key";
export { checkFipsKey, checkPrivateKey } from "./x509-key";
export type { NameMatch } from "./x509-host-name";
export { canonicalIp, matchHostName } from "./x509-host-name";
