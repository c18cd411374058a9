package stacks

import "securebaseline/constructs/logging"

// addLogGroup adds a log group under the logs key, with the retention of all.
func (b baseline) addLogGroup(keys keys, purpose, name string) (*logging.Group, error) {
	return logging.NewGroup(b.stack, purpose+"-logs", logging.GroupProps{
		Naming:        b.scope.Child(purpose + "-logs"),
		Name:          name,
		Key:           keys.logs.Ref(),
		RetentionDays: int(b.cfg.Logging.RetentionDays),
		AllowDestroy:  !b.cfg.Logging.KeepOnDestroy,
	})
}
