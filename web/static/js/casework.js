// The casework components of officials' pages, in Vietnamese.
import { createAll } from "../vendor/govuk-frontend-6.6.0.min.js";
import {
  Alert, ButtonMenu, DatePicker, FilterToggleButton, MultiSelect, SortableTable,
} from "../vendor/moj-frontend-11.1.0.min.js";

// The calendar has no setting for its language: these are the English words in its markup.
const CALENDAR_WORDS = {
  "Choose date": "Chọn ngày",
  "Previous year": "Năm trước",
  "Previous month": "Tháng trước",
  "Next month": "Tháng sau",
  "Next year": "Năm sau",
  ">Select<": ">Chọn<",
  ">Close<": ">Đóng<",
};
const WEEKDAYS = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"];
const SHORT_WEEKDAYS = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"];

class VietnameseCalendar extends DatePicker {
  setOptions() {
    super.setOptions();
    this.dayLabels = SHORT_WEEKDAYS;
    this.monthLabels = Array.from({ length: 12 }, (_, month) => `Tháng ${month + 1} năm`);
  }

  toggleTemplate() {
    return inVietnamese(super.toggleTemplate());
  }

  dialogTemplate(titleId) {
    return inVietnamese(super.dialogTemplate(titleId));
  }

  formattedDateHuman(date) {
    const weekday = WEEKDAYS[(date.getDay() + 6) % 7];
    return `${weekday} ${date.getDate()}/${date.getMonth() + 1}/${date.getFullYear()}`;
  }

  selectDate(date) {
    super.selectDate(date);
    const words = this.$calendarButton.querySelector("span");
    words.innerText = `Chọn ngày. Đang chọn ${this.formattedDateHuman(date)}`;
  }
}

function inVietnamese(markup) {
  return Object.entries(CALENDAR_WORDS).reduce((html, [from, to]) => html.replaceAll(from, to), markup);
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Alert, { dismissText: "Đóng" });
createAll(ButtonMenu, { buttonText: "Việc khác" });
createAll(FilterToggleButton, {
  toggleButton: { showText: "Hiện bộ lọc", hideText: "Ẩn bộ lọc" },
  closeButton: { text: "Đóng" },
});
createAll(MultiSelect);
createAll(SortableTable, {
  statusMessage: "Đã xếp theo %heading% (%direction%)",
  ascendingText: "tăng dần",
  descendingText: "giảm dần",
});
createAll(VietnameseCalendar);
for (const words of document.querySelectorAll(".moj-multi-select__toggle-label span")) {
  words.textContent = "Chọn tất cả";
}
