package report

import (
	"regexp"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

var (
	digits = regexp.MustCompile(`\d+`)
	// phoneNumber is a row of digits that is a mobile number, with a prefix or without, or a fixed one with
	// its area code. Staff numbers and time stamps are not.
	phoneNumber = regexp.MustCompile(`^(?:(?:0|9|90|86|0086)?1[3-9]\d{9}|0\d{9,11})$`)
)

// MaskPath hides telephone numbers in a path by mask, and the customer's number wherever it stands;
// customer is empty when nobody knows it. A nil mask hides nothing.
func MaskPath(path, customer string, mask func(string) string) string {
	if mask == nil {
		return path
	}
	for _, number := range []string{customer, strings.Join(digits.FindAllString(customer, -1), "")} {
		if len(number) > keepDigits {
			path = strings.ReplaceAll(path, number, maskCustomer(number, mask))
		}
	}
	return digits.ReplaceAllStringFunc(path, func(number string) string {
		if !phoneNumber.MatchString(number) {
			return number
		}
		return mask(number)
	})
}

// MaskFailure returns f with personal data hidden by mask in its path and its message. A nil mask hides
// nothing.
func MaskFailure(f call.Failure, mask func(string) string) call.Failure {
	if mask != nil {
		f.Path, f.Message = MaskPath(f.Path, "", mask), maskMessage(f.Message, mask)
	}
	return f
}

// maskMessage masks a message: paths in it as paths, so that their time stamps stay, the rest as text.
func maskMessage(message string, mask func(string) string) string {
	var masked, text strings.Builder
	flush := func() {
		masked.WriteString(mask(text.String()))
		text.Reset()
	}
	for _, word := range strings.SplitAfter(message, " ") {
		if !strings.ContainsAny(word, `/\`) {
			text.WriteString(word)
			continue
		}
		flush()
		masked.WriteString(MaskPath(word, "", mask))
	}
	flush()
	return masked.String()
}

// keepDigits is how much of a customer's number stays readable at its end.
const keepDigits = 4

// maskCustomer hides a customer's number also when mask doesn't know its kind.
func maskCustomer(customer string, mask func(string) string) string {
	if masked := mask(customer); masked != customer {
		return masked
	}
	runes := []rune(customer)
	for i := range len(runes) - keepDigits {
		runes[i] = '*'
	}
	return string(runes)
}
