package report

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// printed are the changes to the text of a sheet that make it print on A4 across, as wide as the page and
// as long as it is. The library writes neither, so they are put into what it has written.
var printed = strings.NewReplacer(
	`<pageSetUpPr fitToPage="false"`, `<pageSetUpPr fitToPage="true"`,
	`</worksheet>`, `<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>`,
)

// writePrintable copies a packed spreadsheet to w, its sheets ready for print.
func writePrintable(w io.Writer, packed []byte) error {
	from, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	to := zip.NewWriter(w)
	for _, part := range from.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			err = copySheet(to, part)
		} else {
			err = to.Copy(part)
		}
		if err != nil {
			return fmt.Errorf("pack %s: %w", part.Name, err)
		}
	}
	return to.Close()
}

func copySheet(to *zip.Writer, part *zip.File) error {
	source, err := part.Open()
	if err != nil {
		return err
	}
	defer source.Close()
	text, err := io.ReadAll(source)
	if err != nil {
		return err
	}
	out, err := to.Create(part.Name)
	if err != nil {
		return err
	}
	_, err = printed.WriteString(out, string(text))
	return err
}
