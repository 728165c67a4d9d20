package source

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/zhijian-qa/zhijian/call"
)

// keys are access keys that say how to mend it when there are none.
type keys struct{ aws.CredentialsProvider }

// Retrieve returns the keys, or a *noKeys.
func (k keys) Retrieve(ctx context.Context) (aws.Credentials, error) {
	got, err := k.CredentialsProvider.Retrieve(ctx)
	if err != nil && ctx.Err() == nil {
		err = &noKeys{err}
	}
	return got, err
}

// noKeys says that a store of objects was not asked, for want of access keys.
type noKeys struct{ cause error }

// Error returns the sentence and its cause.
func (n *noKeys) Error() string {
	return "there are no access keys: name a file by credentials, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role: " + n.cause.Error()
}

// Unwrap returns a call.ErrInvalid beside the cause.
func (n *noKeys) Unwrap() []error { return []error{call.ErrInvalid, n.cause} }

// plainly returns what err came of where that says all.
func plainly(err error) error {
	var missing *noKeys
	if errors.As(err, &missing) {
		return missing
	}
	return err
}
