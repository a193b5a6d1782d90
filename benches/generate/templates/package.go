// Handle@number@ says: @note@
func Handle@number@(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "@words@", http.StatusMethodNotAllowed)
		return
	}
	// @note@
	if err := json.NewEncoder(w).Encode(map[string]string{"name": "@name@"}); err != nil {
		log.Printf("encode: %v", err)
	}
}

