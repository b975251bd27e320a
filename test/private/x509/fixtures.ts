export { CA, CLIENT, EC, Pki, SERVER } from "../../support/pki";
