/** Every check on certificates and keys, one file a subject; pure functions that answer findings. */
export type { Finding } from "./finding";
export type { CertificateFile, CertificateReader } from "./file";
export { readCertificateRequest, readCertificates } from "./file";
export type { AuthorityUse, NamedAuthorities } from "./authority";
export { checkAuthority, checkDistinctNames, isRoot } from "./authority";
export type { LeafUsage, LeafUse } from "./leaf";
export { checkLeaf, checkNames } from "./leaf";
export { checkPublicKey, checkValidity } from "./basics";
export type { ChainResult, ChainUse } from "./chain";
export { checkChainOrder, checkOutlives, isIssuedBy, verifyChain } from "./chain";
export type { KeyUse } from "./key";
export { checkFipsKey, checkPrivateKey } from "./key";
export type { NameMatch } from "./host-name";
export { canonicalIp, matchHostName } from "./host-name";
