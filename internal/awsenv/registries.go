package awsenv

// imageRegistries are the accounts that hold the container images of EKS and its add-ons, by region (EKS User Guide,
// "View Amazon container image registries for Amazon EKS add-ons"). Other services have registries of their own.
var imageRegistries = map[string]string{
	"af-south-1":     "877085696533",
	"ap-east-1":      "800184023465",
	"ap-northeast-1": "602401143452",
	"ap-northeast-2": "602401143452",
	"ap-northeast-3": "602401143452",
	"ap-south-1":     "602401143452",
	"ap-south-2":     "900889452093",
	"ap-southeast-1": "602401143452",
	"ap-southeast-2": "602401143452",
	"ap-southeast-3": "296578399912",
	"ap-southeast-4": "491585149902",
	"ca-central-1":   "602401143452",
	"ca-west-1":      "761377655185",
	"cn-north-1":     "918309763551",
	"cn-northwest-1": "961992271922",
	"eu-central-1":   "602401143452",
	"eu-central-2":   "900612956339",
	"eu-north-1":     "602401143452",
	"eu-south-1":     "590381155156",
	"eu-south-2":     "455263428931",
	"eu-west-1":      "602401143452",
	"eu-west-2":      "602401143452",
	"eu-west-3":      "602401143452",
	"il-central-1":   "066635153087",
	"me-central-1":   "759879836304",
	"me-south-1":     "558608220178",
	"sa-east-1":      "602401143452",
	"us-east-1":      "602401143452",
	"us-east-2":      "602401143452",
	"us-gov-east-1":  "151742754352",
	"us-gov-west-1":  "013241004608",
	"us-west-1":      "602401143452",
	"us-west-2":      "602401143452",
}

// ImageRegistry is the account that holds AWS's container images for the region, and reports whether AWS names one.
func (e Env) ImageRegistry() (account string, known bool) {
	account, known = imageRegistries[e.region]
	return account, known
}
