import type { Precondition, TerraformResource } from "cdktf";
import { Construct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { checkArguments, checkProps, partId, pathOf } from "../private/check-props";
import { InputError } from "../private/problems";
import { createPublicFile, createSecretFile } from "../private/terraform/written-file";
import { projectPath } from "../private/paths";
import type { TargetPlatform } from "../command/target-platform";
import { authorityRecord } from "../authority/records";
import type { HostFile, HostFilePaths } from "./host-file";
import type { HostCertificate, HostFilesProps } from "./host-files-props";
import { contentsOf, requireBundle } from "./private/host-file-contents";
import { PublicHostFile, SecretHostFile } from "./private/host-file-kinds";

/** A host's folder: each file with its content, its path on the host and the path that Terraform writes. */
export class HostFiles extends Construct {
  /** Directory of the files on the host. */
  public readonly hostDirectory: string;

  private readonly props: HostFilesProps;
  private readonly written: HostFile[] = [];
  private readonly presented: HostCertificate[] = [];

  constructor(scope: Construct, id: string, props: HostFilesProps) {
    checkProps(pathOf(scope, id), "HostFilesProps", props);
    super(scope, partId(scope, id));
    this.props = props;
    this.hostDirectory = props.hostDirectory;
  }

  /** The files of the folder, in the order in which they were added. */
  public get files(): HostFile[] {
    return [...this.written];
  }

  /**
   * The content of each file that anybody may read, by the file's name, for a construct in any stack.
   *
   * @param scope the construct that uses it
   */
  public publicContents(scope: Construct): { [name: string]: string } {
    checkArguments("HostFiles.publicContents", { scope }, `${this.node.path}.publicContents`);
    return contentsOf(this.written, false, scope);
  }

  /**
   * The content of each file that only its owner may read, by the file's name, for a construct in any stack. Terraform
   * marks each as sensitive.
   *
   * @param scope the construct that uses it
   */
  public sensitiveContents(scope: Construct): { [name: string]: string } {
    checkArguments("HostFiles.sensitiveContents", { scope }, `${this.node.path}.sensitiveContents`);
    return contentsOf(this.written, true, scope);
  }

  /**
   * One file of the folder.
   *
   * @param name the file's name
   * @throws if there is none of that name
   */
  public file(name: string): HostFile {
    checkArguments("HostFiles.file", { name }, `${this.node.path}.file`);
    const file = this.written.find((each) => each.name === name);
    if (file === undefined) {
      throw new InputError([
        {
          where: `${this.node.path}: ${name}`,
          what: "is no file of this host",
          allowed: this.written.map((each) => each.name).join(", "),
          fix: "choose one of these",
        },
      ]);
    }
    return file;
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
   * Path on the host of a file of that name.
   *
   * @param name the file's name
   */
  public hostPath(name: string): string {
    checkArguments("HostFiles.hostPath", { name }, `${this.node.path}.hostPath`);
    return this.props.platform.join(this.hostDirectory, name);
  }

  /**
   * Adds a file that anybody may read, such as a certificate.
   *
   * @param name the file's name
   * @param content its whole content
   * @param preconditions conditions for writing it, checked at plan
   */
  public addPublic(name: string, content: string, preconditions: Precondition[] = []): HostFile {
    checkArguments("HostFiles.addPublic", { name, content, preconditions }, `${this.node.path}.addPublic`);
    return this.createPublic(name, content, preconditions).file;
  }

  /**
   * Adds a file that only its owner may read, such as a private key. Plans show none of its content.
   *
   * @param name the file's name
   * @param content its whole content
   * @param preconditions conditions for writing it, checked at plan
   */
  public addSecret(name: string, content: string, preconditions: Precondition[] = []): HostFile {
    checkArguments("HostFiles.addSecret", { name, content, preconditions }, `${this.node.path}.addSecret`);
    const paths = this.pathsOf(name);
    const resource = createSecretFile(this, name, {
      path: paths.outputPath,
      content,
      preconditions: this.preconditions(preconditions),
    });
    return this.add(new SecretHostFile(paths, this, content, resource));
  }

  /**
   * Adds the file by which the host trusts a CA, unless the host already has it.
   *
   * @param name the file's name
   * @param authority the CA
   * @returns the bundle's path on the host; nothing if the host's operating system trusts the CA
   */
  public addTrust(name: string, authority: ICertificateAuthority): string | undefined {
    checkArguments("HostFiles.addTrust", { name, authority }, `${this.node.path}.addTrust`);
    if (authority.trustBundlePem === undefined) {
      return authority.trustHostPath;
    }
    return this.addTrustBundle(name, [authority]);
  }

  /**
   * Adds one file by which the host trusts several CAs.
   *
   * @param name the file's name
   * @param authorities the CAs, whose certificates Terraform must know
   * @param furtherPem certificates of other CAs, which follow
   * @throws if one of them is only on the hosts
   */
  public addTrustBundle(name: string, authorities: ICertificateAuthority[], furtherPem?: string): string {
    checkArguments("HostFiles.addTrustBundle", { name, authorities, furtherPem }, `${this.node.path}.addTrustBundle`);
    const bundles = authorities.map((authority) => requireBundle(this, name, authority));
    const { file, resource } = this.createPublic(name, [...new Set(bundles)].join("") + (furtherPem ?? ""));
    for (const authority of authorities) {
      authorityRecord(authority).addBundleFile(resource);
    }
    return file.hostPath;
  }

  /**
   * Adds a certificate, followed by its intermediates.
   *
   * @param name the file's name
   * @param certificate the certificate
   * @param withAnchor whether the CA that verifiers trust follows
   */
  public addCertificate(name: string, certificate: Certificate, withAnchor = false): HostFile {
    checkArguments("HostFiles.addCertificate", { name, certificate, withAnchor }, `${this.node.path}.addCertificate`);
    const { issued, issuer } = certificate;
    const content = withAnchor ? `${issued.chainPem}${issued.anchorPem}` : issued.chainPem;
    const { file, resource } = this.createPublic(name, content, [], certificate._count);
    authorityRecord(issuer).addLeafFile(resource);
    this.presented.push({ name, certificate, pem: issued.certificatePem });
    return file;
  }

  /**
   * Adds a certificate and its key in one file, which only its owner may read.
   *
   * @param name the file's name
   * @param certificate the certificate
   * @param content the key and the certificate with its intermediates
   */
  public addKeyStore(name: string, certificate: Certificate, content: string): HostFile {
    checkArguments("HostFiles.addKeyStore", { name, certificate, content }, `${this.node.path}.addKeyStore`);
    const { issued, issuer } = certificate;
    const file = this.addSecret(name, content);
    // The gate of a rotation needs a resource that changes with the certificate also where no file is written.
    const resource = file.resource ?? createPublicFile(this, `${name}-certificate`, { content: issued.certificatePem });
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
    checkArguments("HostFiles.addCopy", { role, pem }, `${this.node.path}.addCopy`);
    this.presented.push({ name: role, pem });
  }

  private createPublic(
    name: string,
    content: string,
    preconditions: Precondition[] = [],
    count?: number,
  ): { file: HostFile; resource: TerraformResource } {
    const paths = this.pathsOf(name);
    const resource = createPublicFile(this, name, {
      path: paths.outputPath,
      content,
      preconditions: this.preconditions(preconditions),
      count,
    });
    return { file: this.add(new PublicHostFile(paths, resource)), resource };
  }

  private pathsOf(name: string): HostFilePaths {
    const { outputDirectory } = this.props;
    return {
      name,
      outputPath: outputDirectory === undefined ? undefined : projectPath(`${outputDirectory}/${name}`),
      hostPath: this.hostPath(name),
    };
  }

  private add(file: HostFile): HostFile {
    this.written.push(file);
    return file;
  }

  /** Preconditions of a file; the first file's include those of all files. */
  private preconditions(own: Precondition[]): Precondition[] {
    return [...(this.written.length === 0 ? (this.props.preconditions ?? []) : []), ...own];
  }
}
