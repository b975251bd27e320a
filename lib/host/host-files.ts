import { File } from "@cdktf/provider-local/lib/file";
import { SensitiveFile } from "@cdktf/provider-local/lib/sensitive-file";
import type { Precondition } from "cdktf";
import { Construct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { InputError } from "../private/problems";
import { compact } from "../private/terraform/attributes";
import { projectPath } from "../private/paths";
import type { TargetPlatform } from "../command/target-platform";
import { authorityRecord } from "../authority/records";

/** Where a host's files lie. */
export interface HostFilesProps {
  /** The host's folder in the output directory, on the machine that runs Terraform. */
  readonly outputDirectory: string;

  /** The folder of the same files on the host; absolute there. */
  readonly hostDirectory: string;

  /** The host's operating system. */
  readonly platform: TargetPlatform;

  /**
   * What must hold at plan for any file to be written.
   *
   * @default - nothing
   */
  readonly preconditions?: Precondition[];
}

/** One file of a host's folder. */
export interface HostFile {
  /** The file's name. */
  readonly name: string;

  /** Where Terraform writes it, as the plan has it. */
  readonly outputPath: string;

  /** Where it lies on the host: what commands name. */
  readonly hostPath: string;

  /** Its mode in the output directory, e.g. `0600`. */
  readonly filePermission: string;
}

/** A certificate that the host presents. */
export interface HostCertificate {
  /** Name of its file in the folder; its role (`fleet-cert`) if the pair already exists on the host. */
  readonly name: string;

  /** The certificate as PEM; an argument for Terraform's functions. */
  readonly pem: string;

  /**
   * The certificate, if deploys renew it.
   *
   * @default - only its owner can renew it: the pair already exists on the host, and `pem` is a copy
   */
  readonly certificate?: Certificate;
}

/** Only the user who deploys may enter a host's folder: it holds keys. */
const DIRECTORY_PERMISSION = "0700";

/** Writes a host's folder, and knows the two paths of each of its files. */
export class HostFiles extends Construct {
  /** Where the files lie on the host. */
  public readonly hostDirectory: string;

  private readonly props: HostFilesProps;
  private readonly written: HostFile[] = [];
  private readonly presented: HostCertificate[] = [];

  constructor(scope: Construct, id: string, props: HostFilesProps) {
    super(scope, id);
    this.props = props;
    this.hostDirectory = props.hostDirectory;
  }

  /** The files of the folder, in the order in which they were added. */
  public get files(): HostFile[] {
    return [...this.written];
  }

  /** The certificates that the host presents. */
  public get certificates(): HostCertificate[] {
    return [...this.presented];
  }

  /** The host's operating system. */
  public get platform(): TargetPlatform {
    return this.props.platform;
  }

  /**
   * Where a file of that name lies on the host.
   *
   * @param name the file's name
   */
  public hostPath(name: string): string {
    return this.props.platform.join(this.hostDirectory, name);
  }

  /**
   * Adds a file that anybody may read, such as a certificate.
   *
   * @param name the file's name
   * @param content its whole content
   * @param preconditions what must hold at plan for it to be written
   */
  public addPublic(name: string, content: string, preconditions: Precondition[] = []): HostFile {
    const file = this.describe(name, "0644");
    compact(new File(this, name, this.attributes(file, content, preconditions)));
    return file;
  }

  /**
   * Adds a file that only its owner may read, such as a private key. Plans show none of its content.
   *
   * @param name the file's name
   * @param content its whole content
   * @param preconditions what must hold at plan for it to be written
   */
  public addSecret(name: string, content: string, preconditions: Precondition[] = []): HostFile {
    const file = this.describe(name, "0600");
    compact(new SensitiveFile(this, name, this.attributes(file, content, preconditions)));
    return file;
  }

  /**
   * Adds what the host trusts a CA by, unless the host has it already.
   *
   * @param name the file's name
   * @param authority the CA
   * @returns the bundle's path on the host; nothing where the host's operating system trusts the CA
   */
  public addTrust(name: string, authority: ICertificateAuthority): string | undefined {
    if (authority.trustBundlePem === undefined) {
      return authority.trustHostPath;
    }
    return this.addTrustBundle(name, [authority]);
  }

  /**
   * Adds one file by which the host trusts several CAs.
   *
   * @param name the file's name
   * @param authorities the CAs, whose certificates have to be known to Terraform
   * @param furtherPem certificates of other CAs, which follow
   * @throws if one of them is only on the hosts
   */
  public addTrustBundle(name: string, authorities: ICertificateAuthority[], furtherPem = ""): string {
    const bundles = authorities.map((authority) => requireBundle(this, name, authority));
    const file = this.describe(name, "0644");
    const content = [...new Set(bundles)].join("") + furtherPem;
    const resource = compact(new File(this, name, this.attributes(file, content, [])));
    for (const authority of authorities) {
      authorityRecord(authority).addBundleFile(resource);
    }
    return file.hostPath;
  }

  /**
   * Adds what a host presents: the certificate, then its intermediates.
   *
   * @param name the file's name
   * @param certificate the certificate
   * @param withAnchor whether the CA that verifiers trust follows
   */
  public addCertificate(name: string, certificate: Certificate, withAnchor = false): HostFile {
    const { issued, issuer } = certificate;
    const file = this.describe(name, "0644");
    const content = withAnchor ? `${issued.chainPem}${issued.anchorPem}` : issued.chainPem;
    const resource = compact(
      new File(this, name, { ...this.attributes(file, content, []), count: certificate._count }),
    );
    authorityRecord(issuer).addLeafFile(resource);
    this.presented.push({ name, certificate, pem: issued.certificatePem });
    return file;
  }

  /**
   * Records a copy of a certificate whose pair already exists on the host.
   *
   * @param role the certificate's role, e.g. `fleet-cert`
   * @param pem the certificate; an argument for Terraform's functions
   */
  public addCopy(role: string, pem: string): void {
    this.presented.push({ name: role, pem });
  }

  private describe(name: string, filePermission: string): HostFile {
    const file: HostFile = {
      name,
      outputPath: projectPath(`${this.props.outputDirectory}/${name}`),
      hostPath: this.hostPath(name),
      filePermission,
    };
    this.written.push(file);
    return file;
  }

  private attributes(file: HostFile, content: string, preconditions: Precondition[]) {
    const isFirst = this.written.length === 1;
    const all = [...(isFirst ? (this.props.preconditions ?? []) : []), ...preconditions];
    return {
      filename: file.outputPath,
      content,
      filePermission: file.filePermission,
      // The first file to be written sets the folder's mode, so every file has to ask for the same.
      directoryPermission: DIRECTORY_PERMISSION,
      lifecycle: all.length > 0 ? { precondition: all } : undefined,
    };
  }
}

function requireBundle(files: HostFiles, name: string, authority: ICertificateAuthority): string {
  if (authority.trustBundlePem === undefined) {
    throw new InputError([
      {
        where: `${files.node.path}: ${name}`,
        what: `cannot be put together, since Terraform does not know the certificate of ${authority.node.path}`,
        allowed: "CAs whose source gives their PEM",
        fix: "use CertificateAuthoritySource.trustOnly({ file }) or ({ pem }) for that CA",
      },
    ]);
  }
  return authority.trustBundlePem;
}
