// Writes a vulnerability database in Trivy's own format from a file of facts. usage: trivy-database [options] FOLDER
//
// It stands in for Trivy's database where that cannot be downloaded. It knows a few dozen packages: enough to try a gate and to
// test it, not to trust it.
package main

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy-db/pkg/metadata"
	"github.com/aquasecurity/trivy-db/pkg/types"
	bolt "go.etcd.io/bbolt"
)

//go:embed advisories.json
var facts []byte

// How often Trivy's own database is built.
const interval = 6 * time.Hour

type source struct {
	ID   types.SourceID `json:"id"`
	Name string         `json:"name"`
	URL  string         `json:"url"`
	// Severities is who rates its advisories, where that is somebody else: Debian rates few of them, and Trivy falls back on NVD.
	Severities types.SourceID `json:"severities"`
}

type advisory struct {
	// Bucket is the ecosystem and source, such as "pip::GitHub Security Advisory pip", or a distribution, such as "debian 12".
	Bucket string `json:"bucket"`
	// Package is in the ecosystem's normal spelling; of a distribution it is the source package.
	Package string `json:"package"`
	ID      string `json:"id"`
	// Alias is the source's own id.
	Alias      string   `json:"alias"`
	Severity   string   `json:"severity"`
	Title      string   `json:"title"`
	Vulnerable []string `json:"vulnerable"`
	Patched    []string `json:"patched"`
	// Fixed is what a distribution's advisory has instead of ranges; without it Status says what the distribution means to do.
	Fixed     string `json:"fixed"`
	Status    string `json:"status"`
	Published string `json:"published"`
}

type document struct {
	Sources    map[string]source `json:"sources"`
	Advisories []advisory        `json:"advisories"`
}

func main() {
	other := flag.String("facts", "", "a file in the form of advisories.json, instead of that one")
	updatedAt := flag.String("updated-at", "", "when the database says it was built, RFC 3339; now when left out")
	schema := flag.Int("schema", db.SchemaVersion, "the version of its format that the database says it has")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *other, *updatedAt, *schema); err != nil {
		log.Fatal(err)
	}
}

func run(folder, other, updatedAt string, schema int) error {
	text := facts
	if other != "" {
		var err error
		if text, err = os.ReadFile(other); err != nil {
			return err
		}
	}
	built := time.Now()
	if updatedAt != "" {
		var err error
		if built, err = time.Parse(time.RFC3339, updatedAt); err != nil {
			return err
		}
	}
	var all document
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	if err := write(folder, all); err != nil {
		return err
	}
	built = built.UTC()
	return metadata.NewClient(folder).Update(metadata.Metadata{Version: schema, UpdatedAt: built, NextUpdate: built.Add(interval)})
}

func write(folder string, all document) error {
	if err := db.Init(folder); err != nil {
		return err
	}
	config := db.Config{}
	err := config.BatchUpdate(func(tx *bolt.Tx) error {
		for bucket, from := range all.Sources {
			if err := config.PutDataSource(tx, bucket, types.DataSource{ID: from.ID, Name: from.Name, URL: from.URL}); err != nil {
				return err
			}
		}
		for _, one := range all.Advisories {
			from, known := all.Sources[one.Bucket]
			if !known {
				return fmt.Errorf("%s: no source %q", one.ID, one.Bucket)
			}
			if err := put(config, tx, one, from); err != nil {
				return fmt.Errorf("%s: %w", one.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.Close()
}

func put(config db.Config, tx *bolt.Tx, one advisory, from source) error {
	severity, err := types.NewSeverity(one.Severity)
	if err != nil {
		return err
	}
	published, err := time.Parse(time.DateOnly, one.Published)
	if err != nil {
		return err
	}
	// by reference: only so does it keep its status when it is stored
	entry := &types.Advisory{
		FixedVersion:       one.Fixed,
		Status:             types.NewStatus(one.Status),
		VulnerableVersions: one.Vulnerable,
		PatchedVersions:    one.Patched,
	}
	if one.Alias != "" {
		entry.VendorIDs = []string{one.Alias}
	}
	if err := config.PutAdvisory(tx, []string{one.Bucket, one.Package}, one.ID, entry); err != nil {
		return err
	}
	rater := from.ID
	if from.Severities != "" {
		rater = from.Severities
	}
	return config.PutVulnerability(tx, one.ID, types.Vulnerability{
		Title:          one.Title,
		Severity:       one.Severity,
		VendorSeverity: types.VendorSeverity{rater: severity},
		PublishedDate:  &published,
	})
}
