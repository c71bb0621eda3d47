# Draws performance-profiles-100-steps.csv; run `gnuplot performance-profiles-100-steps.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.8805 left top vertical maxrows 3 Left reverse noenhanced samplen 2.2 width -3.9 textcolor rgb '#222222'
set tmargin at screen 0.7218
set rmargin at screen 0.952
set label 'Performance profiles of test runs of 100 steps' at screen 0.02, screen 0.959 left noenhanced font ',22'
set label 'ablation-mnist; 10 repetitions of 20 test runs' at screen 0.02, screen 0.913 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.24955858290195465:0.4770965576171875]
set xtics ('0.25' 0.25, '0.30' 0.3, '0.35' 0.35, '0.40' 0.4, '0.45' 0.45)
set xlabel 'test loss τ' noenhanced
set yrange [0.0:1.05]
set ytics ('0.0' 0.0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1.0)
set ylabel 'fraction of runs with loss ≤ τ' noenhanced
of(number, value) = (column(1) == number ? value : NaN)
bottom = 0.0
top = 1.05
inside(value) = (value < bottom ? bottom : value > top ? top : value)
set style fill solid 0.18 noborder

set terminal svg size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'performance-profiles-100-steps.svg'
plot 'performance-profiles-100-steps.csv' skip 1 using (of(4, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#cc79a7' notitle, \
     '' skip 1 using (of(3, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#009e73' notitle, \
     '' skip 1 using (of(2, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (of(4, $2)):3 with lines linewidth 2.4 linecolor rgb '#cc79a7' notitle, \
     '' skip 1 using (of(3, $2)):3 with lines linewidth 2.4 linecolor rgb '#009e73' notitle, \
     '' skip 1 using (of(2, $2)):3 with lines linewidth 2.4 linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' title 'tuned uniform', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#d55e00' title 'tuned layer-factor by tensor', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#009e73' title 'learned per tensor', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#cc79a7' title 'learned per parameter', \
     '' skip 1 using (NaN):(NaN):(NaN) with filledcurves linecolor rgb '#444444' title '95 % interval over repetitions'

set terminal pngcairo size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'performance-profiles-100-steps.png'
replot
set output
