package app

import (
	"encoding/json"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// mask returns hide for a use that shows texts of calls. With --unmasked that is written to the audit
// log first.
func (e Env) mask(use string) (func(string) string, error) {
	if e.Config.Unmasked {
		if err := e.audit(use + " --unmasked"); err != nil {
			return nil, fmt.Errorf("personal data are shown only when that can be logged: %w", err)
		}
	}
	return e.hide(), nil
}

// hide returns what hides personal data in texts that leave the store, nil when they are shown.
func (e Env) hide() func(string) string {
	if e.Config.Unmasked {
		return nil
	}
	return lexicon.Mask
}

// account names the account that the program runs under.
func account() string {
	if account, err := user.Current(); err == nil {
		return account.Username
	}
	return "uid " + fmt.Sprint(os.Getuid())
}

// audit adds a line to audit.jsonl in the data folder: when, who, what.
func (e Env) audit(what string) error {
	if err := os.MkdirAll(e.Config.DataDir, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(e.Config.DataDir, "audit.jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open audit log: %w", err)
	}
	defer file.Close()
	line, err := json.Marshal(map[string]string{"at": time.Now().Format(time.RFC3339), "who": account(), "what": what})
	if err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	if _, err := file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	return nil
}
