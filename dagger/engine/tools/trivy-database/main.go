// Writes a vulnerability database in Trivy's own format from the facts in advisories.json. usage: trivy-database FOLDER
//
// It stands in for Trivy's database where that cannot be downloaded. It knows a few dozen packages: enough to try a gate and to
// test it, not to trust it.
package main

import (
	_ "embed"
	"encoding/json"
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

type source struct {
	ID   types.SourceID `json:"id"`
	Name string         `json:"name"`
	URL  string         `json:"url"`
}

type advisory struct {
	// Bucket is the ecosystem and source, such as "pip::GitHub Security Advisory pip", or a distribution, such as "debian 12".
	Bucket     string   `json:"bucket"`
	Package    string   `json:"package"`
	ID         string   `json:"id"`
	Severity   string   `json:"severity"`
	Title      string   `json:"title"`
	Vulnerable []string `json:"vulnerable"`
	Patched    []string `json:"patched"`
	// Fixed is what a distribution's advisory has instead of ranges.
	Fixed     string `json:"fixed"`
	Published string `json:"published"`
}

type document struct {
	Sources    map[string]source `json:"sources"`
	Advisories []advisory        `json:"advisories"`
}

func main() {
	if err := write(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func write(folder string) error {
	var all document
	if err := json.Unmarshal(facts, &all); err != nil {
		return err
	}
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
			if err := put(config, tx, one, all.Sources[one.Bucket]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	now := time.Now().UTC()
	return metadata.NewClient(folder).Update(metadata.Metadata{Version: db.SchemaVersion, UpdatedAt: now, NextUpdate: now.Add(6 * time.Hour)})
}

func put(config db.Config, tx *bolt.Tx, one advisory, from source) error {
	severity, err := types.NewSeverity(one.Severity)
	if err != nil {
		return err
	}
	entry := types.Advisory{FixedVersion: one.Fixed, VulnerableVersions: one.Vulnerable, PatchedVersions: one.Patched}
	if err := config.PutAdvisoryDetail(tx, one.ID, one.Package, []string{one.Bucket}, entry); err != nil {
		return err
	}
	vulnerability := types.Vulnerability{Title: one.Title, Severity: one.Severity, VendorSeverity: types.VendorSeverity{from.ID: severity}}
	if published, err := time.Parse(time.DateOnly, one.Published); err == nil {
		vulnerability.PublishedDate = &published
	}
	if err := config.PutVulnerability(tx, one.ID, vulnerability); err != nil {
		return err
	}
	return config.PutVulnerabilityID(tx, one.ID)
}
