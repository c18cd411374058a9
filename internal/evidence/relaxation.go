package evidence

// Relaxation is where an environment asks for less than production does.
type Relaxation struct {
	// Profile is that of the environment.
	Profile string `json:"profile"`
	// Settings lists the settings whose default depends on the profile and that production has otherwise.
	Settings []RelaxedSetting `json:"settings"`
	// Demands says what production would refuse in the configuration.
	Demands []string `json:"demands"`
	// Weaker says what is protected less than in the same stack with production's settings.
	Weaker []Weaker `json:"weaker"`
	// Unjudged says what bears on security and cannot be told to be weaker or not.
	Unjudged []Weaker `json:"unjudged"`
	// Failure says why the stack could not be made with production's settings. Then Weaker and Unjudged are empty.
	Failure string `json:"failure,omitempty"`
}

// RelaxedSetting is a setting that production has otherwise.
type RelaxedSetting struct {
	// Path is the field of the configuration. Here and Production are its values as JSON.
	Path       string `json:"path"`
	Here       string `json:"here"`
	Production string `json:"production"`
	// Gain says what production gains by its value.
	Gain string `json:"gain"`
}

// Weaker is something that is protected less than in production.
type Weaker struct {
	// Construct is the first name of the resource's construct path. It is empty for what has none, such as an output.
	Construct string `json:"construct"`
	// Address is that of the resource here, or in production where it is missing here.
	Address string `json:"address"`
	// Argument leads to what differs. It is empty where the resource as a whole is meant.
	Argument string `json:"argument,omitempty"`
	// Why says in words what is weaker.
	Why string `json:"why"`
}
