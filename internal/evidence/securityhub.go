package evidence

import "strings"

const securityHubDocs = "https://docs.aws.amazon.com/securityhub/latest/userguide/"

// SecurityHubURL is where AWS documents a control of Security Hub, such as RDS.3, with its related requirements.
func SecurityHubURL(id string) string {
	service, number, _ := strings.Cut(strings.ToLower(id), ".")
	return securityHubDocs + service + "-controls.html#" + service + "-" + number
}

// requirements are those of other catalogs that AWS relates to a control of Security Hub, separated by spaces.
type requirements struct{ cis, nist, pci string }

// Related requirements that several controls share, or most of them.
const (
	ofLogs = "AC-2(4) AC-4(26) AC-6(9) AU-10 AU-12 AU-2 AU-3 AU-6(3) AU-6(4) CA-7 SC-7(9) SI-3(8) SI-4(20) " +
		"SI-7(8)"
	ofEncryption = "CA-9(1) CM-3(6) SC-13 SC-28 SC-28(1) SC-7(10) SI-7(6)"
	ofExposure   = "AC-21 AC-3 AC-3(7) AC-4 AC-4(21) AC-6 SC-7 SC-7(11) SC-7(16) SC-7(20) SC-7(21) SC-7(3) SC-7(4) " +
		"SC-7(9)"
	ofIngress    = "AC-4 AC-4(21) SC-7 SC-7(11) SC-7(16) SC-7(21) SC-7(4) SC-7(5)"
	ofPrivileges = "AC-2 AC-2(1) AC-3 AC-3(15) AC-3(7) AC-5 AC-6 AC-6(3)"
	ofAccess     = "AC-2(1) AC-3 AC-3(15) AC-3(7) AC-6"
	ofBackups    = "CP-10 CP-6 CP-6(1) CP-6(2) CP-9 SC-5(2) SI-12 SI-13(5)"
	ofLifecycles = "CP-10 CP-6(2) CP-9 SC-5(2) SI-13(5)"
)

// securityHub holds the controls of Security Hub that rules name, with the related requirements in CIS AWS Foundations
// Benchmark 3.0.0, NIST SP 800-53 Rev. 5 and PCI DSS 4.0.1. All that AWS names is here, and nothing else. What it
// relates in other versions and catalogs is left out; some controls have no related requirement at all.
// Source: AWS Security Hub User Guide, "Related requirements" of each control, at its SecurityHubURL.
var securityHub = map[string]requirements{
	"CloudTrail.1": {"3.1", ofLogs + " AU-14(1) SA-8(22)", ""},
	"CloudTrail.2": {"3.5", ofEncryption + " AU-9", "10.3.2"},
	"CloudTrail.3": {"", "", "10.2.1"},
	"CloudTrail.4": {"3.2", "AU-9 SI-4 SI-7(1) SI-7(3) SI-7(7)", "10.3.2"},
	"CloudTrail.5": {"", ofLogs + " AU-6(1) AU-6(5) AU-7(1) SI-20 SI-4(5)", ""},
	"CloudTrail.6": {"", "", "1.4.4"},
	"CloudTrail.7": {"3.4", "", "10.2.1"},
	"CloudTrail.9": {},

	// Of these, AWS relates 1 to 14 to older versions of CIS only.
	"CloudWatch.1": {}, "CloudWatch.2": {}, "CloudWatch.3": {}, "CloudWatch.4": {}, "CloudWatch.5": {},
	"CloudWatch.6": {}, "CloudWatch.7": {}, "CloudWatch.8": {}, "CloudWatch.9": {}, "CloudWatch.10": {},
	"CloudWatch.11": {}, "CloudWatch.12": {}, "CloudWatch.13": {}, "CloudWatch.14": {},
	"CloudWatch.15": {"", "AU-6(1) AU-6(5) CA-7 IR-4(1) IR-4(5) SI-2 SI-20 SI-4(12) SI-4(5)", ""},
	"CloudWatch.16": {"", "AU-10 AU-11 AU-6(3) AU-6(4) CA-7 SI-12", ""},
	"CloudWatch.17": {"", "AU-6(1) AU-6(5) CA-7 SI-2 SI-4(12)", ""},

	"EC2.2":  {"5.4", ofIngress, ""},
	"EC2.6":  {"3.7", "AC-4(26) AU-12 AU-2 AU-3 AU-6(3) AU-6(4) CA-7 SI-7(8)", ""},
	"EC2.13": {"", ofIngress + " CM-7", "1.3.1"},
	"EC2.14": {"", "", "1.3.1"},
	"EC2.15": {"", ofExposure, "1.4.4"},
	"EC2.18": {"", ofIngress, ""},
	"EC2.19": {"", ofIngress + " CA-9(1) CM-2 CM-2(2) CM-7", ""},
	"EC2.21": {"5.1", "AC-4(21) CA-9(1) CM-2 CM-2(2) CM-7 SC-7 SC-7(21) SC-7(5)", "1.3.1"},
	"EC2.46": {},
	"EC2.53": {"5.2", "", "1.3.1"},
	"EC2.54": {"5.3", "", "1.3.1"},

	"IAM.1":  {"", ofPrivileges + " AC-6(10) AC-6(2)", ""},
	"IAM.21": {"", ofPrivileges + " AC-6(10) AC-6(2)", ""},

	"KMS.1": {"", ofPrivileges, ""},
	"KMS.2": {"", ofPrivileges, ""},
	"KMS.3": {"", "SC-12 SC-12(2)", ""},
	"KMS.4": {"3.6", "SC-12 SC-12(2) SC-28(3)", "3.7.4"},
	"KMS.5": {},

	"RDS.2":  {"2.3.3", ofIngress, "1.4.4"},
	"RDS.3":  {"2.3.1", ofEncryption, ""},
	"RDS.5":  {"", "CP-10 CP-6(2) SC-36 SC-5(2) SI-13(5)", ""},
	"RDS.6":  {"", "CA-7 SI-2", ""},
	"RDS.8":  {"", "CM-3 SC-5(2) SI-13(5)", ""},
	"RDS.9":  {"", ofLogs + " SC-7(10)", "10.2.1"},
	"RDS.10": {"", ofAccess, ""},
	"RDS.11": {"", ofBackups, ""},
	"RDS.13": {"2.3.2", "SI-2 SI-2(2) SI-2(4) SI-2(5)", "6.3.3"},
	"RDS.17": {"", "CA-9(1) CM-2 CM-2(2)", ""},
	"RDS.20": {"", "CA-7 SI-2", "11.5.2"},
	"RDS.21": {"", "CA-7 SI-2", "11.5.2"},
	"RDS.30": {},
	"RDS.36": {"", "", "10.4.2"},
	"RDS.38": {},
	"RDS.46": {},

	"S3.2": {"", ofExposure, ""},
	"S3.3": {"", ofExposure, ""},
	"S3.5": {"2.1.1", "AC-17(2) AC-4 IA-5(1) SC-12(3) SC-13 SC-23 SC-23(3) SC-7(4) SC-8 SC-8(1) SC-8(2) SI-7(6)",
		"4.2.1"},
	"S3.6":  {"", "CA-9(1) CM-2", ""},
	"S3.8":  {"2.1.4", ofExposure, "1.4.4"},
	"S3.9":  {"", ofLogs, "10.2.1"},
	"S3.10": {"", ofLifecycles, ""},
	"S3.12": {"", ofAccess, ""},
	"S3.13": {"", ofLifecycles, ""},
	"S3.14": {"", ofBackups + " AU-9(2)", ""},
	"S3.17": {"", ofEncryption + " AU-9 SC-12(2)", "3.5.1"},

	"SecretsManager.1": {"", "AC-2(1) AC-3(15)", "8.3.9 8.6.3"},

	"SNS.1": {"", ofEncryption, ""},
	"SNS.3": {},
	"SNS.4": {},
}
